"""What the pages of every kind of import answer alike."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.denial import WrongState
from accounts.viewer import Viewer

from .imports import preview
from .models import ImportBatch


def to_its_batch(viewer: Viewer, batch: ImportBatch, denied: WrongState) -> HttpResponse:
    """Of a double click both arrive, and the second finds nothing left to do: it leads to the batch that the first
    made. Raises `denied` where the file still waits, NotKnown where it was thrown away."""
    if preview.is_waiting(preview.batch_of(viewer, batch.pk)):
        raise denied
    return redirect("import-batch", contract=viewer.contract.slug, batch=batch.pk)
