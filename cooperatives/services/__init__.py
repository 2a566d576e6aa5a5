"""Acts that write more than one record. Each is all or nothing; the caller names the actor."""

from cooperatives.services.consent import record_objection, withdraw_consent
from cooperatives.services.duplicates import find_duplicates
from cooperatives.services.enterprise import end_membership, leave_group
from cooperatives.services.joining import (
    join_people,
    join_suspects,
    mark_different,
    name_of,
    plan_joining,
)
from cooperatives.services.keeping import (
    BOTH,
    DUPLICATE,
    GROUPS,
    SURVIVOR,
    differing,
    kept_values,
    may_keep_both,
    order,
    proposed,
)
from cooperatives.services.member import close_line, enrol, next_member_number, register_member
from cooperatives.services.national_id import (
    claim_for,
    claim_national_id,
    confirm_claim,
    find_by_national_id,
    holder_of,
    join_claim,
    line_with_national_id,
    refuse_claim,
)
from cooperatives.services.officer import end_term, invite_officer
from cooperatives.services.paper import forget_replaced_copies
from cooperatives.services.parting import reasons_against, rows_by_model, undo_joining
from cooperatives.services.person import home_cooperative, serving_cooperative
from cooperatives.services.proposal import accept_proposal, refuse_proposal
from cooperatives.services.publishing import (
    hide_product,
    obstacle_to_showing,
    show_product,
    withdraw_cooperative,
)
from cooperatives.services.quote import TooManyRequests, answer_quote, ask_for_quote
from cooperatives.services.summary import check_summaries, mend_summaries, roll_up

__all__ = [
    "BOTH",
    "DUPLICATE",
    "GROUPS",
    "SURVIVOR",
    "TooManyRequests",
    "accept_proposal",
    "answer_quote",
    "ask_for_quote",
    "check_summaries",
    "claim_for",
    "claim_national_id",
    "close_line",
    "confirm_claim",
    "end_membership",
    "differing",
    "end_term",
    "enrol",
    "find_by_national_id",
    "find_duplicates",
    "forget_replaced_copies",
    "holder_of",
    "hide_product",
    "home_cooperative",
    "invite_officer",
    "join_claim",
    "join_people",
    "leave_group",
    "join_suspects",
    "kept_values",
    "line_with_national_id",
    "mark_different",
    "may_keep_both",
    "name_of",
    "mend_summaries",
    "next_member_number",
    "order",
    "plan_joining",
    "proposed",
    "reasons_against",
    "obstacle_to_showing",
    "record_objection",
    "refuse_claim",
    "refuse_proposal",
    "register_member",
    "rows_by_model",
    "roll_up",
    "serving_cooperative",
    "undo_joining",
    "show_product",
    "withdraw_consent",
    "withdraw_cooperative",
]
