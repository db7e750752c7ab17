"""A bounded cache of synthesised speech: (text, voice) → audio, for greetings, fillers and prompts."""

from collections import OrderedDict

from callwright_common.campaign import Voice


class SpeechCache:
    """The least recently used speech goes when the audio grows above a limit."""

    def __init__(self, max_bytes: int = 16 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[tuple[str, Voice], bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, text: str, voice: Voice) -> bytes | None:
        """Returns the audio of a text in a voice, if it is there."""
        audio = self._entries.get((text, voice))
        if audio is not None:
            self._entries.move_to_end((text, voice))
        return audio

    def put(self, text: str, voice: Voice, audio: bytes) -> None:
        """Keeps the audio of a text in a voice."""
        previous = self._entries.pop((text, voice), b"")
        self._entries[text, voice] = audio
        self._bytes += len(audio) - len(previous)
        while self._bytes > self._max_bytes:
            _, dropped = self._entries.popitem(last=False)
            self._bytes -= len(dropped)
