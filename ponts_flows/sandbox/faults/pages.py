"""`/sandbox/faults`: GET says what was struck, PUT switches a plan on, DELETE switches it off."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ponts_flows.sandbox.faults.live import Faults
from ponts_flows.sandbox.faults.reading import PlanError, read


def pages(faults: Faults) -> APIRouter:
    """The switch, for tests. A plan is sent as it is written in a file: YAML or JSON."""
    router = APIRouter()

    @router.get("/sandbox/faults")
    async def report() -> JSONResponse:
        return JSONResponse(faults.report())

    @router.put("/sandbox/faults")
    async def put(request: Request) -> JSONResponse:
        try:
            faults.put(read((await request.body()).decode("utf-8", "replace")))
        except PlanError as error:
            return JSONResponse({"message": str(error)}, status_code=400)
        return JSONResponse(faults.report())

    @router.delete("/sandbox/faults")
    async def clear() -> JSONResponse:
        """Switch off; the answer is the report of what was."""
        last = faults.report()
        faults.clear()
        return JSONResponse({**last, "on": False})

    return router
