"""Of a call that has ended nothing is kept that the caller said, and nothing comes back."""

from agent_orchestrator.contexts.reconciliation import reconcile
from dialogue import RuleAnalyzer
from fakes.answered_calls import BOOK, AnsweredCall
from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR
from fakes.virtual_time import virtual_time
from vocabulary.enums import Outcome, ReplySource, WorkflowState
from vocabulary.exchange import SyncRequest
from vocabulary.turns import TurnRecord

SAID = (*QUALIFIES, "Dana Whitfield", "202 555 0123")


@virtual_time
async def test_an_ended_call_keeps_what_came_of_it_and_no_word() -> None:
    call = AnsweredCall()
    await call.lead_to(BOOK)
    for words in ("yes", "Dana Whitfield", "202 555 0123"):
        await call.say(words)
    before = (await call.context()).model_dump_json()
    assert all(words in before for words in SAID)
    result = await call.end()
    ended = await call.context()
    kept = ended.model_dump_json()
    assert [words for words in (*SAID, "+12025550123", "$180") if words in kept] == []
    assert ended.result is not None
    assert ended.result.outcome is Outcome.BOOKED
    assert ended.booking is not None
    assert ended.dialogue.workflow_state is WorkflowState.COMPLETED
    assert ended.result.score is not None
    assert result.score is not None
    assert ended.result.score.overall == result.score.overall
    assert call.book.of_call("call-1")[0].contact is not None
    assert await call.end() == ended.result


@virtual_time
async def test_what_is_told_after_the_end_is_not_kept() -> None:
    call = AnsweredCall()
    await call.lead_to(BOOK)
    await call.end()
    ended = await call.context()
    late = TurnRecord("late", "my name is Dana Whitfield", "", "", ReplySource.RULES, MONDAY)
    request = SyncRequest("call-1", SOLAR.id, ended.revision, (late,))
    assert await reconcile(ended, request, SOLAR, RuleAnalyzer(), MONDAY) == (ended, False)
