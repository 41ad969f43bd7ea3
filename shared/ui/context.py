"""The one dependency of a page: caller, rows, and for a post the form and the unit of work.

# services/<name>/context.py
PageReading = Annotated[PageReadContext[Kit], page_reading()]
PageWriting = Annotated[Submission[Kit], page_writing()]

# services/<name>/<part>/screens.py
@screens.get("/klachten/{klacht_id}/sluiting")
async def closing(klacht_id: ComplaintId, ctx: PageReading) -> Response:
    return await closing_page(ctx, Form(), klacht_id=klacht_id)

@screens.post("/klachten/{klacht_id}/sluiting")
async def close(klacht_id: ComplaintId, sent: PageWriting) -> Response:
    async def act(form: Form, ctx: Ctx) -> str:
        await commands.close(form.read(ClosingIn).command(klacht_id, form.version), ctx)
        return f"/intake/klachten/{klacht_id}"

    return await sent.submit(act, otherwise=partial(closing_page, klacht_id=klacht_id))

async def closing_page(
    ctx: PageReadContext[Kit], form: Form, status: int = 200, *, klacht_id: UUID
) -> Response: ...
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias

from fastapi import Depends, Request
from starlette.responses import Response

from shared.auth.caller import Caller
from shared.auth.pages import (
    DRAFT_COOKIE,
    GO_ON,
    SESSION_COOKIE,
    Draft,
    Sessions,
    SignInNeededError,
    Visit,
    visit_of,
)
from shared.context import Kit, ReadContext, WriteContext, write_context
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Gone, Refused
from shared.ui.forms import GO_ON_FIELD, Form, read_form
from shared.ui.idempotency import Sent, once


@dataclass(frozen=True, kw_only=True)
class PageReadContext(ReadContext[Kit]):
    """The context of a page."""

    request: Request


# Draws the page of a form, with what was typed and what is wrong with it: (ctx, form, status).
FormPage: TypeAlias = Callable[[PageReadContext[Kit], Form, int], Awaitable[Response]]


class LapsedError(Conflict):
    """The session ended before the form came: nothing was done, what was typed is shown again."""

    code, title = "sessie-verlopen", "Uw sessie was verlopen"

    def __init__(self) -> None:
        super().__init__(
            "Uw sessie was verlopen; er is niets opgeslagen. Wat u invulde staat er nog. Kies "
            "bestanden opnieuw, controleer het formulier en verstuur het."
        )


@dataclass(frozen=True, kw_only=True)
class Submission(Generic[Kit]):
    """A posted form, and who posted it."""

    request: Request
    caller: Caller
    form: Form
    kit: Kit
    # The form of before the session ended: it is shown, and never carried out.
    lapsed: bool = False

    async def submit(
        self,
        act: Callable[[Form, WriteContext[Kit]], Awaitable[str]],
        *,
        otherwise: FormPage[Kit] | None = None,
    ) -> Response:
        """Carry the form out once, however often it is sent, and go to the address `act` gives.

        A refusal rolls everything back and shows the page of `otherwise`, with the refusal in the
        form and its status; without `otherwise` it is raised. A form of before the session ended
        is refused: whoever sent it looks at it first.
        """

        async def do(work: UnitOfWork) -> str:
            return await act(self.form, write_context(work, self.caller, self.kit))

        try:
            self._require_sent_now()
            return await once(Sent(self.request, self.form, self.caller, self._db), do)
        except Refused as refusal:
            if otherwise is None:
                raise
            return await self.show(otherwise, self.form.refused(refusal), refusal.status)

    async def show(self, page: FormPage[Kit], form: Form, status: int = 200) -> Response:
        """A page with this form in it."""
        async with self.reading() as ctx:
            return await page(ctx, form, status)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PageReadContext[Kit]]:
        """A context to read in, for a step that stores nothing."""
        async with self._db.read(self.caller.sight) as rows:
            yield PageReadContext(
                rows=rows,
                caller=self.caller,
                kit=self.kit,
                now=self._db.clock.now(),
                request=self.request,
            )

    @asynccontextmanager
    async def working(self) -> AsyncIterator[WriteContext[Kit]]:
        """A unit of work for a step that shows what it found instead of going on elsewhere."""
        self._require_sent_now()
        async with self._db.work(actor=self.caller.subject, sight=self.caller.sight) as work:
            yield write_context(work, self.caller, self.kit)

    def _require_sent_now(self) -> None:
        if self.lapsed:
            raise LapsedError

    @property
    def _db(self) -> Database:
        db: Database = self.request.app.state.db
        return db


def page_reading(*, stranger: Caller | None = None) -> Any:
    """The dependency of a page; its type is `PageReadContext[Kit]`.

    Who is not signed in goes to the sign-in page, or counts as `stranger` on a public page.
    """

    async def reading(request: Request) -> AsyncIterator[PageReadContext[Any]]:
        visit = await visit_of(request)
        caller = visit.caller or stranger
        if caller is None:
            raise SignInNeededError(_address(request), visit)
        db: Database = request.app.state.db
        async with db.read(caller.sight) as rows:
            yield PageReadContext(
                rows=rows,
                caller=caller,
                kit=request.app.state.kit,
                now=db.clock.now(),
                request=request,
            )

    return Depends(reading, scope="function")


def page_writing(*, stranger: Caller | None = None) -> Any:
    """The dependency of a form that is posted; its type is `Submission[Kit]`."""

    async def submission(request: Request) -> Submission[Any]:
        visit = await visit_of(request)
        caller = visit.caller or stranger
        if caller is None:
            raise await _sign_in_first(request, visit)
        form = await read_form(request)
        lapsed = stranger is None and bool(form.text(GO_ON_FIELD))
        if lapsed:
            form = await _typed_before(request, caller)
        kit = request.app.state.kit
        return Submission(request=request, caller=caller, form=form, kit=kit, lapsed=lapsed)

    return Depends(submission)


async def _sign_in_first(request: Request, visit: Visit) -> SignInNeededError:
    """Where to sign in; what was typed in an ended session is kept meanwhile."""
    if not visit.subject:
        return SignInNeededError(_address(request), visit, posted=True)
    form = await read_form(request)
    if form.text(GO_ON_FIELD):
        return SignInNeededError(GO_ON, visit, posted=True)
    fields = {name: form.texts(name) for name in form.fields}
    draft = Draft(visit.subject, _address(request), fields, bool(form.files))
    sessions: Sessions = request.app.state.sessions
    kept = await sessions.keep_draft(request.cookies[SESSION_COOKIE], draft)
    return SignInNeededError(GO_ON, visit, posted=True, draft=kept)


async def _typed_before(request: Request, caller: Caller) -> Form:
    """What the caller typed for this address. Raises Gone."""
    sessions: Sessions = request.app.state.sessions
    draft = await sessions.draft(request.cookies.get(DRAFT_COOKIE, ""))
    if draft is None or (draft.subject, draft.action) != (caller.subject, _address(request)):
        raise Gone("Wat u had ingevuld is er niet meer. Vul het formulier opnieuw in.")
    return Form(fields=draft.fields)


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
