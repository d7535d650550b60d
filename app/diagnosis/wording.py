"""Parts that many templates share; each is put into a row's template when the table is made, which is then whole."""

from __future__ import annotations

from app.diagnosis.parameters import OPTION_HINTS

CAME = (
    "{came:select events=after {events:plural event|events}|bytes=after {received:bytes} of the answer"
    "|head=after the response head (status {status}), before any of the answer|nothing=before anything came back}"
)
SILENCE = "{silent_s:if  and {silent_s:duration} of silence}"
WAITED = "{waited_s:if for {waited_s:duration}|as long as the time limit allows}"
PAGE_TITLE = "{page_title:if titled “{page_title}”|without a title}"
SAYS = "{message:if  The endpoint says: {message:quoted}.}"
SOONER = "{could_stream:if Stream the answer, so that something comes early, or ask|Ask} for fewer tokens"
HIDDEN = "{behind_200:if  It came behind status 200, so that the official SDKs do not try again by themselves.}"
FLAW = (
    "{flaw:select pasted=, since the base URL already ends in {pasted}|twice=, where /v1 stands twice"
    "|lacking=, since the base URL lacks /v1|}"
)
OPTION_HINT = "{option:select " + "|".join(f"{name}= {hint}" for name, hint in OPTION_HINTS.items()) + "|}"

# When to try again, as a sentence of its own. The fields are those of `RetryAfter`; "counted": a button beside it counts down.
_AT = "Try again in {again_s:duration}{again_until:if  (at {again_until})}."
_AT_TIME = "Try again at {again_until}."
_AT_ONCE = "It may be tried again at once."
_NO_TIME = "Its {again_source} header says “{again_raw}”, which is no usable time: wait a minute before you try again."
_OPENS_AT = "It opens again in {again_s:duration}{again_until:if  ({again_until})}; before that, trying again is of no use."
_OPENS_AT_TIME = "It opens again at {again_until}; before that, trying again is of no use."
_STATED = "at=" + _AT + "|at_time=" + _AT_TIME + "|at_once=" + _AT_ONCE + "|no_time=" + _NO_TIME
_COUNTED = "counted={again_until:if It opens again at {again_until}.}"
RETRY = (
    "{again:select " + _STATED + "|in_words=Its own words say when.|" + _COUNTED +
    "|day=It does not say when. A limit of a day opens by the next day at the latest; a minute more rarely helps."
    "|unsaid=It does not say when: wait a minute before you try again.}"
)  # fmt: skip
LATER = "{again:select " + _STATED + "|" + _COUNTED + "|Try again in a minute.}"
RERUN = "{again:select " + _STATED + "|" + _COUNTED + "|Run it again.}"
WHEN_SAID = (
    "{again:select at= " + _AT + "|at_time= " + _AT_TIME + "|at_once= " + _AT_ONCE + "|no_time= " + _NO_TIME
    + "|counted={again_until:if  It opens again at {again_until}.}|}"
)  # fmt: skip

# When what is used up opens again; `opens` is what of `again` says that.
OPENS = (
    "{opens:select at=" + _OPENS_AT + "|at_time=" + _OPENS_AT_TIME + "|in_words=Its own words say when it opens again."
    "|open=By what it says it is open again by now: try again."
    "|counted=It opens again{again_until:if  at {again_until}| then}; before that, trying again is of no use."
    "|It does not say when it opens again; until then, trying again is of no use.}"
)  # fmt: skip
OPENS_OR_NEVER = (
    "{opens:select at= " + _OPENS_AT + "|at_time= " + _OPENS_AT_TIME + "| Waiting is of no use.}"
)  # fmt: skip
OPENS_OR_ANEW = (
    "{opens:select at= " + _OPENS_AT + "|at_time= " + _OPENS_AT_TIME + "| Trying again before it starts anew is of no use.}"
)  # fmt: skip
OPENS_SAID = "{opens:select at= " + _OPENS_AT + "|at_time= " + _OPENS_AT_TIME + "|}"
