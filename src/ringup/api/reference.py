"""The reference as a page of our own: it needs nothing from anywhere else. And the pages about problems."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from ringup.api.fields import problem_answer
from ringup.api.problems import KINDS, Refused, page_about

router = APIRouter()

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
summary { cursor: pointer; } code { font-size: 0.95em; } details { margin: 0.4rem 0; }
table { border-collapse: collapse; margin: 0.5rem 0; } td { padding: 0.1rem 0.8rem 0.1rem 0; vertical-align: top; }
pre { background: #f4f4f4; padding: 0.6rem; overflow: auto; }
"""
ONLY_OURS = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@router.get("/docs", include_in_schema=False)
async def reference(request: Request) -> HTMLResponse:
    """Every operation and every problem, from the OpenAPI document."""
    page = reference_page(request.app.openapi())
    return HTMLResponse(page, headers={"Content-Security-Policy": ONLY_OURS})


@router.get(
    "/problems/{code}",
    tags=["operating"],
    responses={
        200: {"description": "A page.", "content": {"text/markdown": {"schema": {"type": "string"}}}},
        404: problem_answer(["not_found"]),
    },
    response_class=Response,
)
async def problem_page(code: str) -> Response:
    """What a problem's `type` leads to: what is so, and whether sending the request again may help."""
    kind = KINDS.get(code)
    if kind is None:
        raise Refused("not_found")
    return Response(page_about(kind), media_type="text/markdown")


def reference_page(openapi: dict[str, Any]) -> str:
    operations = [
        operation_section(method, path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    problems = [
        f"<tr><td><code>{kind.code}</code></td><td>{kind.status}</td><td>{escape(kind.means)}</td></tr>"
        for kind in sorted(KINDS.values(), key=lambda kind: (kind.status, kind.code))
    ]
    title = escape(f"{openapi['info']['title']} {openapi['info']['version']}")
    return "".join(
        (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>",
            f"<style>{STYLE}</style><h1>{title}</h1><p>{escape(openapi['info']['description'])}</p>",
            "<p>The whole of it for machines: <a href=/openapi.json>/openapi.json</a></p>",
            *("<h2>Operations</h2>", *operations),
            *("<h2>Problems</h2><table>", *problems, "</table></html>"),
        )
    )


def operation_section(method: str, path: str, operation: dict[str, Any]) -> str:
    scopes = [scope for way in operation.get("security", []) for names in way.values() for scope in names]
    parameters = [
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{parameter['in']}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", [])
    ]
    answers = [
        f"<tr><td>{status}</td><td>{escape(answer['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return "".join(
        (
            f"<details><summary><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}",
            f"</summary><p>{escape(operation.get('description', ''))}</p>",
            f"<p>Scope: <code>{escape(', '.join(scopes))}</code></p>" if scopes else "",
            f"<p>Body: <code>{escape(body['$ref'].rpartition('/')[2])}</code></p>" if "$ref" in body else "",
            f"<table>{''.join(parameters)}</table>" if parameters else "",
            f"<table>{''.join(answers)}</table></details>",
        )
    )
