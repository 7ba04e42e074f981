"""API keys: who may come in from a program, and taking that back."""

from functools import partial

from nicegui import ui

from ringup.api.authentication import SCOPES
from ringup.api.keys import KeyForm
from ringup.db.calls.shop import create_api_key, revoke_api_key
from ringup.db.reads.places import ApiKey, list_api_keys
from ringup.domain.errors import ActionDenied
from ringup.domain.ids import new_id
from ringup.web.console.asking import dialog_of
from ringup.web.console.checking import checked
from ringup.web.console.desk import Desk
from ringup.web.console.parts import nothing, panel
from ringup.web.console.sheets import Column, export
from ringup.web.console.words import count_of
from ringup.web.look import act, badge, note


class Keys:
    """A key is given no more than the one has with which this browser was connected."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keys: list[ApiKey] = []

    async def load(self) -> None:
        self._keys = await list_api_keys(self._desk.db, self._desk.visitor.vendor_id)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("API keys", "Without their secrets, which are kept nowhere") as corner:
            with corner:
                self._desk.button("Make", "manage_settings", self._ask_new, "small-act", icon="add", label="Make a key")
            if not self._keys:
                nothing("There are none.", "key")
                return
            export("api-keys", _columns(self._desk), self._keys, corner)
            for key in self._keys:
                self._key(key)

    def _key(self, key: ApiKey) -> None:
        with ui.element("div").classes("line").mark("key"):
            with ui.element("div").classes("grow"):
                ui.label(key.name)
                with ui.element("div").classes("quiet small"):
                    ui.label(f"rk_{key.prefix}… · {_scope_words(key)}")
            if key.revoked_at:
                badge("revoked")
            else:
                revoke = partial(self._revoke, key)
                self._desk.button("Revoke", "manage_settings", revoke, "small-act danger", label=f"Revoke {key.name}")

    def _may_give(self) -> list[str]:
        own = self._desk.visitor.scopes
        return [scope for scope in SCOPES if "*" in own or scope in own]

    async def _ask_new(self) -> None:
        async with dialog_of("Make a key") as dialog:
            with ui.element("div").classes("stack") as asked:
                name = ui.input("What it is for").props("outlined autofocus maxlength=100")
                scopes = ui.select(self._may_give(), multiple=True, value=[], label="What it may do")
                scopes.props("outlined use-chips")

                async def make() -> None:
                    typed = {"name": str(name.value or "").strip(), "scopes": list(scopes.value or [])}
                    token = await self._make(checked(KeyForm, typed))
                    asked.clear()
                    with asked:
                        note("It is shown this once. Put it where the program finds it.", "warn")
                        ui.label(token).classes("mono token")
                        act("I have it", dialog.close, "main")

                with ui.element("div").classes("pay"):
                    act("Make it", self._desk.doing("manage_settings", make), "main")
                    act("Leave it", dialog.close)
        await self._renew()

    async def _make(self, form: KeyForm) -> str:
        if not set(form.scopes) <= set(self._may_give()):
            raise ActionDenied("this browser's own key may not give all of these scopes")
        made = self._desk.backroom.shop.keyring.make_api_key()
        await create_api_key(
            self._desk.db,
            self._desk.visitor.vendor_id,
            new_id(),
            name=form.name,
            prefix=made.prefix,
            secret_hash=made.secret_hash,
            scopes=list(form.scopes),
            expires_at=None,
            actor=self._desk.actor,
        )
        return made.token

    async def _revoke(self, key: ApiKey) -> None:
        async with dialog_of(f"Revoke {key.name}") as dialog:
            note("Whoever uses it is refused from now on, and so is every browser that was connected with it.", "warn")

            async def revoke() -> None:
                vendor_id = self._desk.visitor.vendor_id
                await revoke_api_key(self._desk.db, vendor_id, key.id, actor=self._desk.actor)
                self._desk.backroom.doorkeeper.forget(key.id)
                dialog.close()
                await self._renew()

            with ui.element("div").classes("pay"):
                act("Revoke it", self._desk.doing("manage_settings", revoke), "danger")
                act("Leave it", dialog.close)

    async def _renew(self) -> None:
        await self.load()
        self.show.refresh()


def _scope_words(key: ApiKey) -> str:
    return "everything" if "*" in key.scopes else count_of(len(key.scopes), "scope")


def _columns(desk: Desk) -> tuple[Column[ApiKey], ...]:
    return (
        Column("Key", lambda row: row.name),
        Column("Begins with", lambda row: f"rk_{row.prefix}"),
        Column("May", _scope_words),
        Column("Made", lambda row: desk.speech.moment(row.created_at)),
        Column("Until", lambda row: desk.speech.moment(row.expires_at)),
        Column("Holds", lambda row: "no" if row.revoked_at else "yes"),
    )
