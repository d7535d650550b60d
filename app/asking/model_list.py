"""The model list of an endpoint, page after page."""

from __future__ import annotations

import msgspec

from app.asking.caller import Caller, Purpose
from app.diagnosis import Context, diagnose, key_shape
from app.exchange.exchange import Exchange
from app.model_names import ListedModel, ModelList, read_model_list
from app.protocols.registry import protocol
from app.text.sentences import tr

MAX_PAGES = 20
PAGE_BYTES = 16 << 20
LISTING = Purpose("models", "models", body_bytes=PAGE_BYTES)


async def list_models(caller: Caller) -> ModelList:
    """The endpoint's whole model list. Never raises for what the endpoint does: `problem` says it."""
    listing, pages = await fetch_pages(caller)
    last = pages[-1]
    if last.status == 200:
        return listing
    found = diagnose(last, Context(key_sent=bool(caller.key), key_shape=key_shape(caller.key)))
    problem = tr("The model list could not be had.{cause:if  {cause}}", cause=found.cause if found else None)
    return ModelList(listing.models, problem=problem)


async def fetch_pages(caller: Caller, purpose: Purpose = LISTING) -> tuple[ModelList, list[Exchange]]:
    """What the pages list, and their exchanges, at least one; the last one may be of another status than 200.

    `problem` says what is wrong with the list; "" where the last page was refused. A model that several pages name counts once.
    """
    speaks = protocol(caller.profile.protocol)
    models: dict[str, ListedModel] = {}
    pages: list[Exchange] = []
    after: str | None = None
    while len(pages) < MAX_PAGES:
        numbered = msgspec.structs.replace(purpose, round=len(pages) + 1)
        pages.append(await caller.exchange(speaks.models_request(caller.target, after), numbered))
        page = read_model_list(bytes(pages[-1].decoded.data)) if pages[-1].status == 200 else ModelList()
        for model in page.models:
            models.setdefault(model.id, model)
        if page.problem or page.next_after is None or page.next_after == after:
            return ModelList(tuple(models.values()), problem=page.problem), pages
        after = page.next_after
    problem = tr("The list goes on after {pages} pages; the rest was left out.", pages=MAX_PAGES)
    return ModelList(tuple(models.values()), problem=problem), pages
