"""The contexts of reporting: it holds nothing between requests, so its kit is nothing."""

from typing import Annotated, TypeAlias

from shared.context import ReadContext, WriteContext
from shared.http.context import ApiWriteContext, reading, writing
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing

ReadCtx: TypeAlias = ReadContext[None]
Ctx: TypeAlias = WriteContext[None]
PageCtx: TypeAlias = PageReadContext[None]

Reading = Annotated[ReadContext[None], reading()]
Writing = Annotated[ApiWriteContext[None], writing()]
PageReading = Annotated[PageReadContext[None], page_reading()]
PageWriting = Annotated[Submission[None], page_writing()]
