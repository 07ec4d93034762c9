"""`POST /v1/sessions`: opens a session for a visitor or a customer."""

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.customer import BadCustomerToken, Customers
from gateway.parts import Authorization, Parts, bearer, parts
from gateway.problem import Refused, documented
from gateway.session import Opened

router = APIRouter(tags=["sessions"])


def _customer(customers: Customers | None, token: str) -> str:
    if customers is None:
        detail = "This gateway has no customer key, so it knows only visitors. Leave the token out."
        raise Refused("bad-customer-token", detail)
    try:
        return customers.verify(token)
    except BadCustomerToken as error:
        detail = f"{error}. Get a new token from the shop, or leave it out to chat as a visitor."
        raise Refused("bad-customer-token", detail) from error


@router.post(
    "/v1/sessions", status_code=201, responses=documented("not-authenticated", "bad-customer-token")
)
async def open_session(
    app: Annotated[Parts, Depends(parts)], authorization: Authorization = None
) -> Opened:
    """Open a session. The shop's customer JWT as bearer token binds it to that customer."""
    token = bearer(authorization)
    return app.sessions.open(_customer(app.customers, token) if token else None)
