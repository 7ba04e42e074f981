"""The points programme: what is in force, and a new version of it."""

from decimal import Decimal
from typing import Any

from nicegui import ui

from ringup.api.programmes import ProgrammeForm
from ringup.db.calls.programmes import set_programme
from ringup.db.reads.programmes import CampaignRow, ProgrammeVersion, find_programme, list_campaigns
from ringup.web.console.asking import dialog_of
from ringup.web.console.checking import checked, whole
from ringup.web.console.desk import Desk
from ringup.web.console.parts import facts, nothing, panel
from ringup.web.console.words import count_of, plain
from ringup.web.look import act, badge, note, say

CAMPAIGNS_MAX = 100
KEPT = (
    *("earns_on_tax", "redeem_step", "redeem_maximum", "pending_days", "refund_policy", "may_go_negative"),
    *("rules", "tier_basis", "tier_window_days", "tier_hold_days", "tiers"),
)
"""What a new version made here has from the one before."""


class ProgrammePart:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._programme: ProgrammeVersion | None = None
        self._campaigns: list[CampaignRow] = []

    async def load(self) -> None:
        vendor_id = self._desk.visitor.vendor_id
        self._programme = await find_programme(self._desk.db, vendor_id)
        self._campaigns = await list_campaigns(self._desk.db, vendor_id, limit=CAMPAIGNS_MAX)

    @ui.refreshable_method
    def show(self) -> None:
        with panel("Points programme") as corner:
            with corner:
                words = "Change" if self._programme else "Begin one"
                label = f"{words}: points programme"
                self._desk.button(words, "manage_settings", self._ask, "small-act", icon="edit", label=label)
            if self._programme is None:
                nothing("There is none: sales earn no points.", "loyalty")
            else:
                self._facts(self._programme)
            for campaign in self._campaigns:
                self._campaign(campaign)

    def _facts(self, programme: ProgrammeVersion) -> None:
        facts(
            [
                ("Points for each unit of money", f"{programme.points_per_unit.normalize():f}"),
                ("Points for each sale", str(programme.points_per_order)),
                ("A point is worth", self._desk.speech.money(programme.point_value_minor)),
                ("Least to use at once", f"{programme.redeem_minimum:,}"),
                ("Most of a sale that points pay", f"{programme.redeem_percent_maximum} %"),
                ("Points live", f"{programme.live_days} days" if programme.live_days else "for ever"),
                ("When goods come back", plain(programme.refund_policy)),
                ("Rules for goods, tiers", f"{len(programme.rules)}, {len(programme.tiers)}"),
                ("In force since", self._desk.speech.moment(programme.valid_from)),
            ]
        )

    def _campaign(self, campaign: CampaignRow) -> None:
        with ui.element("div").classes("line"):
            with ui.element("div").classes("grow"):
                ui.label(campaign.name)
                until = self._desk.speech.moment(campaign.ends_at)
                sales = count_of(campaign.sales_granted, "sale")
                ui.label(f"until {until}, {campaign.points_granted:,} points in {sales}").classes("quiet small")
            badge("campaign" if campaign.is_active else "ended", "good" if campaign.is_active else "")

    async def _ask(self) -> None:
        present = self._programme
        async with dialog_of("A new version of the programme") as dialog:
            note("It holds from now on. What was earned before stays as it was.", "warn")
            rate = _number("Points for each unit of money", present.points_per_unit.normalize() if present else 1)
            worth = _number("A point is worth, in the smallest coin", present.point_value_minor if present else 1)
            each = _number("Points for each sale", present.points_per_order if present else 0)
            least = _number("Least to use at once", present.redeem_minimum if present else 1)
            most = _number(
                "Most of a sale that points pay, in percent", present.redeem_percent_maximum if present else 100
            )
            days = _number("Points live for so many days; empty: for ever", present.live_days if present else None)

            async def begin() -> None:
                await self._begin(
                    {
                        **_kept(present),
                        "points_per_unit": str(rate.value or "").strip(),
                        "point_value_minor": whole(worth.value),
                        "points_per_order": whole(each.value),
                        "redeem_minimum": whole(least.value),
                        "redeem_percent_maximum": whole(most.value),
                        "live_days": whole(days.value),
                    }
                )
                dialog.close()

            with ui.element("div").classes("pay"):
                act("Begin it now", self._desk.doing("manage_settings", begin), "main")
                act("Leave it", dialog.close)

    async def _begin(self, typed: dict[str, Any]) -> None:
        programme = checked(ProgrammeForm, typed).programme()
        await set_programme(self._desk.db, self._desk.visitor.vendor_id, programme, actor=self._desk.actor)
        say("It holds from now on.", "positive")
        await self.load()
        self.show.refresh()


def _number(label: str, value: Decimal | int | None) -> ui.input:
    shown = "" if value is None else f"{value:f}"
    return ui.input(label, value=shown).props("outlined dense inputmode=decimal maxlength=12")


def _kept(present: ProgrammeVersion | None) -> dict[str, Any]:
    return {name: getattr(present, name) for name in KEPT} if present else {}
