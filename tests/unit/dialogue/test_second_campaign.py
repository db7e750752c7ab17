"""A quite different business, started by a file alone."""

from callwright_common.campaign import parse_campaign
from dialogue import Agent, Book
from fakes.spoken_calls import SpokenCall

SOFTWARE = parse_campaign(
    """
id: ledgerly
company: {name: Ledgerly, agent_name: Robin, timezone: Europe/London}
product:
  name: invoicing software
  pitch: Ledgerly writes, sends and chases invoices by itself, and finance teams save a day each week.
appointment: {name: live demo, with_whom: a product specialist}
opening: >-
  Good day, this is {agent}, the automated assistant of {company}. How many people work in your company?
facts:
  - topics: [price, cost, license, per seat]
    answer: It costs thirty pounds per user and month, and the first month is free.
  - topics: [integration, integrate, sap, xero, quickbooks, api]
    answer: It connects to all large accounting systems, and there is an open interface.
  - topics: [security, gdpr, data protection]
    answer: All data stays in Europe, and we are audited every year.
questions:
  - {id: team_size, kind: count, factor: need, label: the size of your company, unit: people, worst: 5, best: 100,
     ask: "How many people work in your company?", ask_again: "Roughly how many employees do you have?"}
  - {id: pain, kind: yes_no, factor: intent, label: late payments, if_no: 0.2,
     fact_yes: payments come late, fact_no: payments come in time,
     ask: "Do late payments cause you trouble today?", ask_again: "Do customers often pay late?"}
  - {id: spend, kind: money, factor: budget, label: your software budget, unit: a year, worst: 500, best: 6000,
     ask: "What could you spend on invoicing in a year?",
     ask_again: "Is it closer to one thousand or to ten thousand pounds a year?"}
  - {id: decision, kind: authority, factor: authority, label: who decides,
     ask: "Who decides about new software at your place?", ask_again: "Do you decide that yourself?"}
  - {id: start, kind: timeline, factor: timeline, label: your schedule, worst: 12, best: 2,
     ask: "When do you want to be up and running?", ask_again: "Is that a matter of weeks or of months?"}
objections:
  - id: too_expensive
    phrases: [too expensive for a small firm]
    reply: It pays for itself with the first invoice that is not forgotten.
scoring: {threshold: 0.6, weights: {intent: 1, budget: 1, timeline: 1, authority: 1, need: 2}}
voices: {standard: {voice: alba}, premium: {voice: alba, speed: 1.1}}
budget: {currency: GBP, per_call: "0.50", per_day: "10"}
calendar: {timezone: Europe/London, slot_minutes: 30, hours: {tuesday: ["09:00-17:00"]}}
""",
    "ledgerly.yaml",
)


def test_another_business_needs_no_code() -> None:
    call = SpokenCall(SOFTWARE)
    assert "Robin" in call.replies[0].text
    assert call.replies[0].sentences[-1] == "How many people work in your company?"
    call.say("We're about eighty people.")
    assert call.value("team_size") == "about 80 people"
    integration = call.say("Does it work with QuickBooks?")
    assert "accounting systems" in integration.text
    call.say("Oh yes, all the time.", "Around 400 pounds a month.")
    assert call.state.facts["spend"].degree is not None
    assert call.state.facts["spend"].degree > 0.7
    objection = call.say("Hmm, sounds too expensive though.")
    assert "pays for itself" in objection.text
    offer = call.say("I'm the CEO, so that's me.", "Within six weeks.")
    assert call.score.qualified
    assert offer.agent is Agent.SCHEDULER
    assert "live demo" in offer.text
    booked = call.say("the first one is fine", "yes please")
    assert isinstance(booked.actions[0], Book)


def test_the_weights_of_the_file_count() -> None:
    call = SpokenCall(SOFTWARE)
    call.say("a hundred people")
    weights = {factor.factor: round(factor.weight, 3) for factor in call.score.factors}
    assert weights == {"intent": 0.167, "budget": 0.167, "timeline": 0.167, "authority": 0.167, "need": 0.333}
