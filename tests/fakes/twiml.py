"""What a Twilio would make of the gateway's answers."""

import xml.etree.ElementTree as ET


def stream_of(twiml: str) -> tuple[str, dict[str, str]]:
    """Returns the address and the parameters of the stream that a TwiML document opens."""
    stream = ET.fromstring(twiml).find("Connect/Stream")  # noqa: S314 - our own gateway wrote it
    assert stream is not None
    return stream.get("url", ""), {one.get("name", ""): one.get("value", "") for one in stream}
