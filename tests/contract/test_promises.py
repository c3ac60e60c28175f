"""Every promise that the program keeps has its tests, by name: where one disappears, this fails.

``docs/accountability.md`` tells the same to people; what it calls kept must stand here, and nothing else may.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

ORDER = "tests/contract/test_order_of_records.py::"
TYPED = "tests/contract/test_nothing_typed_is_logged.py::"
VERDICTS = "tests/contract/test_no_verdicts.py::"
GATE = "tests/gate/test_consultation_gate.py::"
FAULTS = "tests/gate/test_log_faults.py::"
LIMITS = "tests/gate/test_query_limits.py::"
AUDIT = "tests/audit/test_consultation_log.py::"
LISTS = "tests/custody/test_lists_come_and_go.py::"
HOLES = "tests/custody/test_what_a_list_must_not_do.py::"
RUNS = "tests/screening/test_screening_runs.py::"
WRITES = "tests/screening/test_every_failed_write.py::"
CLEARED = "tests/screening/test_clearance_properties.py::"
DECIDED = "tests/screening/test_lead_decisions.py::"
HANDS = "tests/review/test_leads_in_human_hands.py::"
QUERY = "tests/enquiry/test_one_query.py::"
IMPORTED = "tests/cli/test_graph_import_command.py::"
ATTACHED = "tests/cli/test_graph_attach_command.py::"
ATTACHMENTS = "tests/custody/test_attachments.py::"
HANDLING = "tests/cli/test_lead_handling.py::"
SHEET = "tests/cli/test_lead_sheet.py::"
DATABASES = "tests/cli/test_feeds_from_a_database.py::"
DRAWN = "tests/cli/test_graph_draw_in_command.py::"
SEQUENCES = "tests/cli/test_graph_run_command.py::"
WEB = "tests/web/test_asked_as_yente.py::"
PROVED = "tests/cli/test_audit_prove_command.py::"
RECEIPTS = "tests/screening/test_receipts_of_runs.py::"
ERASED = "tests/custody/test_erasure.py::"
RETAINED = "tests/custody/test_retention.py::"
CORRECTED = "tests/screening/test_corrections.py::"
SUBJECT = "tests/cli/test_subject_command.py::"
RETAIN = "tests/cli/test_retain_command.py::"
ROLES = "tests/gate/test_roles.py::"
STAFF = "tests/cli/test_roles_command.py::"
BACKUP = "tests/cli/test_backup_command.py::"
SEALED = "tests/stores/test_backup_files.py::"
DISK = "tests/faults/test_full_disk.py::"
MATCHER = "tests/matching/test_matcher.py::"
RATES = "tests/quality/test_error_rates.py::"
KILLED = "tests/faults/test_screen_killed.py::"
TRACES = "tests/faults/test_night_leaves_no_trace.py::"

LOG_FILES = "tests/audit/test_files_of_the_log.py::"
AUDITED = "tests/cli/test_audit_commands.py::"

PROMISES: dict[str, tuple[str, ...]] = {
    "A1": (
        WEB + "test_every_query_is_on_record_under_the_tokens_user_and_its_reason",
        WEB + "test_without_a_reason_nothing_runs_and_the_refusal_is_on_record",
        ROLES + "test_every_act_has_its_roles",
        ROLES + "test_every_act_by_every_role_through_the_gate",
        ROLES + "test_what_the_workspace_says_of_roles_gives_nobody_anything",
        ROLES + "test_a_key_folder_of_ones_own_lets_nobody_in",
        STAFF + "test_each_does_what_the_role_is_for_and_is_refused_the_rest",
        "tests/cli/test_own_name.py::test_a_look_for_ones_own_name_is_answered_and_noted_without_the_name",
        SEQUENCES + "test_each_step_is_on_record_with_its_outcome_and_no_text_of_anybody",
        SEQUENCES + "test_a_refused_step_ends_the_sequence_and_what_was_answered_stays",
        ORDER + "test_no_person_is_read_before_the_intent_and_nothing_answered_before_the_outcome",
        ORDER + "test_where_the_outcome_cannot_be_written_nothing_is_shown_and_nothing_done",
        ORDER + "test_without_a_reason_no_use_case_runs_and_the_refusal_is_on_record",
        ORDER + "test_what_a_run_withdraws_at_its_end_is_named_in_its_outcome",
        TYPED + "test_what_a_user_types_is_in_no_byte_of_workspace_or_keys",
        ATTACHED + "test_nothing_is_attached_listed_or_detached_without_a_case",
        ATTACHMENTS + "test_no_file_is_opened_before_the_intent",
        GATE + "test_a_reason_lasts_one_shift_for_one_user",
        GATE + "test_a_feeds_purpose_screens_and_does_nothing_else",
        GATE + "test_an_as_of_date_opens_no_expired_case",
        AUDIT + "test_an_intent_without_outcome_reads_interrupted",
        AUDIT + "test_typed_values_are_opened_only_under_a_second_persons_approval",
        AUDITED + "test_typed_values_are_opened_once_by_one_user_with_another_users_approval",
        AUDITED + "test_a_request_and_an_approval_end_with_their_time",
        "tests/custody/test_retention.py::"
        "test_typed_values_lose_their_keys_and_the_logs_beginning_its_contents_and_the_log_verifies",
        RUNS + "test_a_run_is_one_consultation_that_names_its_leads_lists_and_file",
        RUNS + "test_an_interrupted_run_still_names_in_the_log_what_it_stored",
        "tests/faults/test_web_killed.py::test_a_kill_at_any_moment_leaves_every_look_on_record",
        "tests/web/test_served.py::test_of_many_at_once_each_gets_its_own_answer_and_its_own_record",
        "tests/audit/test_commits_together.py::test_of_many_at_once_each_has_its_own_record",
        "tests/audit/test_commits_together.py::test_what_cannot_be_committed_runs_for_nobody_of_a_group",
    ),
    "A2": (
        AUDIT + "test_tampering_is_noticed",
        AUDIT + "test_a_workspace_rolled_back_to_an_older_state_is_noticed",
        AUDIT + "test_a_workspace_rolled_back_and_continued_is_still_noticed",
        AUDIT + "test_purged_payloads_leave_a_log_that_verifies",
        AUDIT + "test_a_damaged_tree_is_not_built_upon",
        LOG_FILES + "test_what_is_done_to_an_export_is_noticed",
        LOG_FILES + "test_no_byte_of_an_export_can_be_changed_or_cut_unnoticed",
        LOG_FILES + "test_an_export_forged_as_a_whole_is_found_by_the_key_or_an_anchor_alone",
        LOG_FILES + "test_an_anchor_finds_a_log_rolled_back_together_with_its_keys",
        AUDITED + "test_an_export_is_verified_by_whoever_has_the_file_and_the_key_alone",
        AUDITED + "test_a_workspace_rolled_back_with_its_keys_is_found_by_an_anchor_kept_outside",
        BACKUP + "test_what_was_backed_up_comes_back_and_what_was_lost_is_said",
        BACKUP + "test_a_log_rolled_back_by_hand_is_still_found",
        BACKUP + "test_unpacking_a_backup_without_the_record_is_found",
        BACKUP + "test_a_forged_record_of_a_restore_excuses_nothing",
        BACKUP + "test_whoever_has_the_file_alone_learns_of_nobody",
        SEALED + "test_a_changed_byte_anywhere_is_noticed",
        SEALED + "test_a_backup_cut_short_or_longer_is_noticed",
        "tests/audit/test_commits_together.py::test_nothing_is_shown_before_its_anchor_is_made",
    ),
    "A3": (
        ROLES + "test_a_change_that_is_killed_is_made_with_its_outcome_or_not_at_all",
        WRITES + "test_whichever_write_of_a_run_fails_the_next_run_ends_as_an_undisturbed_one",
        "tests/custody/test_imported_graphs.py::test_where_the_outcome_cannot_be_written_nothing_is_imported",
        ATTACHMENTS + "test_where_the_outcome_cannot_be_written_nothing_is_attached",
        ATTACHMENTS + "test_where_the_outcome_cannot_be_written_nothing_is_detached",
        "tests/enquiry/test_draw_in.py::test_where_the_outcome_cannot_be_written_nobody_is_drawn_in",
        WRITES + "test_whichever_write_of_an_act_fails_it_is_done_with_its_record_or_not_at_all",
        FAULTS + "test_on_a_full_disk_the_action_does_not_happen",
        DISK + "test_a_disk_that_is_full_under_the_database_or_the_keys_stops_what_it_cannot_record",
        SEALED + "test_whichever_write_of_a_backup_fails_there_is_a_whole_one_or_none",
        SEALED + "test_whichever_write_of_a_restore_fails_there_is_a_whole_workspace_or_none",
        BACKUP + "test_a_refused_restore_restores_nothing_and_is_on_record",
        FAULTS + "test_in_a_read_only_workspace_nothing_runs",
        FAULTS + "test_kills_at_any_moment_leave_every_action_with_its_record",
        AUDIT + "test_a_clock_behind_the_last_record_writes_nothing",
    ),
    "A4": (
        WEB + "test_what_is_not_read_is_named_and_recorded_nowhere",
        WEB + "test_an_error_of_the_program_tells_its_kind_and_no_value",
        TYPED + "test_who_is_on_no_lead_leaves_no_trace_wherever_a_run_stops",
        TYPED + "test_what_a_user_types_is_in_no_byte_of_workspace_or_keys",
        RUNS + "test_who_is_on_no_lead_is_in_no_byte_of_the_workspace",
        KILLED + "test_a_killed_run_leaves_no_trace_of_people_who_are_no_leads",
        TRACES + "test_wherever_a_night_dies_no_byte_tells_of_who_is_on_no_lead",
        ATTACHED + "test_nobody_sees_it_without_the_case_or_under_another",
        ATTACHED + "test_what_is_attached_ends_with_the_case_and_leaves_no_byte",
        ATTACHMENTS + "test_neither_file_nor_name_nor_value_is_left_in_any_byte",
        RUNS + "test_a_lead_keeps_its_own_person_and_not_those_registered_beside",
        RUNS + "test_a_repeated_key_is_quarantined_without_its_value",
        QUERY + "test_who_is_asked_about_and_not_found_is_in_no_byte_of_the_workspace",
        DATABASES + "test_of_people_who_are_no_leads_no_byte_is_left",
        DATABASES + "test_nothing_of_a_row_is_told_by_an_error_of_the_server",
        DATABASES + "test_rows_without_a_mark_and_marks_that_are_texts_are_refused",
        DRAWN + "test_nobody_else_sees_them",
        DRAWN + "test_they_end_with_the_case_and_leave_no_byte",
        DRAWN + "test_the_index_of_units_holds_nothing_of_anybody",
        DRAWN + "test_without_a_case_it_is_refused_and_the_refusal_is_on_record",
        "tests/graph/test_links_of_a_case.py::test_everybody_sees_what_belongs_to_no_case",
        "tests/custody/test_links_of_cases.py::test_what_belongs_to_a_case_ends_with_it_and_leaves_no_byte",
    ),
    "A5": (
        ROLES + "test_duties_stay_apart",
        STAFF + "test_four_eyes_are_switched_off_by_two",
        BACKUP + "test_a_restore_does_not_switch_four_eyes_off",
        VERDICTS + "test_one_function_alone_makes_a_lead_confirmed",
        VERDICTS + "test_one_command_alone_confirms_and_it_asks_for_both_facts_and_a_name",
        VERDICTS + "test_nothing_that_is_done_with_a_lead_beside_confirming_makes_it_confirmed",
        VERDICTS + "test_one_module_alone_can_send_and_what_it_sends_is_counts_and_ids",
        HANDLING + "test_under_four_eyes_two_users_confirm_and_one_does_not",
        HANDLING + "test_an_outcome_on_the_spot_is_kept_and_changes_no_state",
        DECIDED + "test_no_decision_but_a_humans_confirms_or_clears",
        HANDS + "test_a_fact_a_name_or_a_reason_short_confirms_nothing",
        HANDS + "test_a_withdrawn_entry_is_not_confirmed_and_is_still_shown",
    ),
    "A6": (
        WEB + "test_a_name_alone_is_no_match",
        MATCHER + "test_a_rare_name_alone_is_weak_and_says_why",
        MATCHER + "test_a_common_name_alone_is_not_even_weak",
        MATCHER + "test_sex_nationality_and_city_never_lift_the_cap",
        MATCHER + "test_a_weak_alias_carries_half",
        MATCHER + "test_the_same_flat_is_found_and_lifts_the_cap",
    ),
    "A7": (
        RETAINED + "test_a_clearance_outlives_its_lead_silences_the_person_and_ends_with_its_entry",
        CLEARED + "test_whatever_is_no_mark_of_a_person_leaves_the_clearance_in_force",
        CLEARED + "test_an_identifying_change_of_the_person_is_looked_at_again_and_shown",
        CLEARED + "test_an_identifying_change_of_the_entry_is_looked_at_again_and_shown",
        CLEARED + "test_a_clearance_hides_no_namesake_no_other_entry_and_no_other_list",
        CLEARED + "test_a_number_that_several_people_may_show_binds_no_clearance",
        CLEARED + "test_a_list_that_was_damaged_meanwhile_still_ends_its_clearances",
        RUNS + "test_a_clearance_ends_with_its_entry",
        HANDLING + "test_a_clearance_is_taken_back_and_says_what_was_cleared_with_it",
    ),
    "A8": (
        RETAINED + "test_a_removed_list_leaves_nothing_but_what_a_lead_needs",
        LISTS + "test_an_own_entry_without_what_the_law_demands_is_rejected",
        LISTS + "test_registers_of_watched_people_are_refused_and_nothing_is_stored",
        ATTACHED + "test_a_register_of_watched_people_is_refused",
        LISTS + "test_an_entry_past_its_review_date_is_not_active_and_is_announced_before",
        HOLES + "test_a_date_to_come_lets_no_entry_run_longer_than_ninety_days_from_its_delivery",
        HOLES + "test_a_register_of_watched_people_is_refused_whoever_is_said_to_publish_it",
        RUNS + "test_an_entry_past_its_review_date_stops_matching_and_its_leads_end",
        RUNS + "test_a_withdrawn_entry_is_marked_at_once_and_its_leads_end_with_the_next_run",
        HANDS + "test_a_lead_on_an_expired_entry_is_marked_at_once_wherever_it_is_shown",
        "tests/cli/test_screen_command.py::test_the_report_stands_alone_and_shows_leads_only",
    ),
    "A9": (
        DRAWN + "test_a_feed_whose_permission_has_ended_or_that_is_another_is_refused",
        DRAWN + "test_a_landlord_is_drawn_in_where_the_feed_covers_landlords",
        RUNS + "test_a_feed_that_must_not_run_runs_nothing_and_the_refusal_is_recorded",
        RUNS + "test_a_feed_runs_on_the_last_day_of_its_permission_in_its_own_time_zone",
        RUNS + "test_a_feed_without_its_time_zone_does_not_run_on_a_stated_date_either",
        RUNS + "test_rows_outside_the_period_and_other_roles_are_counted_and_not_screened",
        "tests/sources/test_feed_file.py::test_each_demanded_setting_is_missed_by_name",
        "tests/sources/test_feed_file.py::test_landlords_are_not_screened_in_passing",
        "tests/sources/test_registrations.py::test_ethnicity_and_native_place_are_dropped_on_reading",
        "tests/sources/test_attached_tables.py::test_ethnicity_native_place_and_religion_are_never_mapped",
    ),
    "A10": (
        WEB + "test_a_group_query_is_refused_beside_others_that_are_answered",
        LIMITS + "test_a_query_for_a_group_is_refused",
        LIMITS + "test_a_query_for_a_person_passes",
        LIMITS + "test_the_kind_that_a_number_is_called_opens_no_way_around_the_limits",
        LIMITS + "test_a_refusal_never_repeats_a_value",
        QUERY + "test_a_query_for_a_group_is_refused",
        "tests/cli/test_match_command.py::test_group_queries_are_refused",
        IMPORTED + "test_a_label_alone_is_no_query",
        IMPORTED + "test_everybody_at_a_place_is_asked_for_under_a_case_only",
        IMPORTED + "test_groups_of_people_and_ethnicity_are_never_read",
    ),
    "A11": (
        SEQUENCES + "test_no_open_lead_is_shown_or_followed_unless_asked_for",
        "tests/sources/test_lists_fbi.py::test_victims_and_missing_people_are_counted_and_never_loaded",
        "tests/reports/test_report_page.py::test_an_assessment_is_drawn_dashed_and_a_fact_is_not",
        MATCHER + "test_the_same_number_with_another_name_is_a_level_of_its_own",
        SHEET + "test_where_a_number_may_be_borrowed_the_sheet_speaks_of_the_victim",
    ),
    "A12": (
        DRAWN + "test_days_and_limit_bound_it_and_what_is_cut_is_said",
        SEQUENCES + "test_a_sequence_runs_under_a_case_only_and_the_refusal_is_on_record",
        SEQUENCES + "test_more_nodes_than_a_step_may_ask_of_are_cut_and_said",
        "tests/cli/test_graph_command.py::test_questions_about_many_people_run_under_a_case_only",
        "tests/graph/test_stores_agree.py::test_a_cut_is_said",
        IMPORTED + "test_questions_about_many_people_run_under_a_case_only",
        ATTACHED + "test_calls_are_asked_under_a_case_only",
    ),
    "A13": (
        AUDITED + "test_an_export_under_a_case_states_its_purpose_and_never_outlasts_it",
        BACKUP + "test_whoever_has_the_file_alone_learns_of_nobody",
        "tests/reports/test_leads_as_file.py::test_the_notice_states_purpose_user_run_and_expiry",
        SHEET + "test_the_sheet_holds_what_an_officer_needs_and_says_what_it_is",
        "tests/reports/test_check_sheet.py::test_a_sheet_never_outlasts_the_review_the_list_or_the_case",
        "tests/graph/test_load_of_a_case.py::test_what_a_case_sees_is_loaded_stamped_and_on_record",
        PROVED + "test_a_receipt_is_private_whole_and_never_written_over_another",
    ),
    "A14": (
        ERASED + "test_everything_of_a_person_is_found_and_erased_to_the_last_byte",
        ERASED + "test_an_erased_lead_says_when_and_under_which_order_and_the_proof_is_signed",
        ERASED + "test_an_erased_lead_is_not_made_again_until_an_identifying_field_changes",
        ERASED + "test_whoever_was_cleared_stays_unasked_after_the_erasure",
        ERASED + "test_a_restored_backup_replays_the_ledger",
        ERASED + "test_whichever_write_fails_it_is_erased_with_its_record_or_not_at_all",
        ERASED + "test_a_kill_at_any_point_leaves_all_or_nothing_and_the_ledger_is_settled",
        ERASED + "test_a_name_alone_or_a_group_is_never_erased",
        RETAINED + "test_a_lead_is_there_on_its_last_day_and_gone_after_it",
        RETAINED + "test_nothing_of_what_is_gone_is_in_any_byte_and_the_same_twice_changes_nothing",
        RETAINED + "test_typed_values_lose_their_keys_and_the_logs_beginning_its_contents_and_the_log_verifies",
        RETAINED + "test_a_period_is_chosen_within_its_range_only",
        RETAINED + "test_stopped_at_any_write_the_next_call_goes_on",
        CORRECTED + "test_what_is_no_longer_reportable_is_withdrawn_and_stays_so_while_the_source_is_wrong",
        CORRECTED + "test_a_changed_entry_is_compared_with_the_corrected_person",
        SUBJECT + "test_a_person_is_told_what_is_stored_of_them_since_when_until_when_and_who_got_it",
        SUBJECT + "test_subject_access_asks_for_one_person_under_a_reason",
        SUBJECT + "test_an_erased_lead_answers_so_is_proved_and_not_made_again",
        RETAIN + "test_what_is_due_is_counted_purged_and_forgotten_by_the_graph",
        RETAIN + "test_a_night_purges_where_it_is_asked_to",
        BACKUP + "test_what_was_purged_after_the_backup_goes_again",
        BACKUP + "test_what_was_erased_under_an_order_after_the_backup_goes_again",
        BACKUP + "test_who_was_erased_after_the_backup_is_erased_again",
        AUDIT + "test_purged_payloads_leave_a_log_that_verifies",
    ),
    "A15": (
        RATES + "test_no_tradition_is_accused_more_often_than_another",
        RATES + "test_a_tradition_that_is_accused_more_often_is_named_and_chance_is_not",
    ),
    "A16": (
        "tests/policy/test_list_standing.py::test_a_list_is_fresh_on_its_last_day_and_stale_on_the_next",
        LISTS + "test_each_list_goes_stale_by_its_own_age",
        LISTS + "test_a_list_whose_content_is_not_what_was_sealed_is_held_out",
        HOLES + "test_an_entry_changed_after_the_index_was_built_holds_its_list_out",
        HOLES + "test_a_run_that_meets_a_changed_entry_stops_and_the_next_one_goes_on_without_its_list",
        HANDS + "test_nothing_on_a_stale_list_is_confirmed_before_a_refresh",
        HANDS + "test_looking_back_makes_no_stale_list_fresh_enough_to_confirm",
        HANDS + "test_a_list_that_got_lost_confirms_nothing_and_withdraws_nothing",
        "tests/cli/test_match_command.py::test_a_stale_list_answers_under_a_banner_and_another_exit_code",
    ),
    "A17": (
        ERASED + "test_an_erased_lead_says_when_and_under_which_order_and_the_proof_is_signed",
        SUBJECT + "test_an_erased_lead_answers_so_is_proved_and_not_made_again",
        RETAINED + "test_a_lead_keeps_the_versions_that_it_is_replayed_with",
        RUNS + "test_a_lead_can_be_replayed_from_what_is_stored_whatever_happened_since",
        HANDLING + "test_a_lead_is_replayed_byte_for_byte_whatever_happened_since",
        HANDLING + "test_a_lead_that_was_changed_does_not_come_out_again",
        HANDLING + "test_another_version_recomputes_from_stored_levels_and_says_so",
    ),
    "A18": (
        PROVED + "test_a_row_of_any_register_is_proved_to_its_holder_and_to_others",
        PROVED + "test_what_became_of_each_row_is_part_of_its_proof",
        PROVED + "test_an_altered_record_is_not_proved",
        PROVED + "test_a_receipt_of_another_run_proves_nothing",
        PROVED + "test_a_proof_that_was_changed_anywhere_does_not_hold",
        PROVED + "test_the_program_printed_in_the_docs_checks_a_proof_alone",
        PROVED + "test_whoever_has_workspace_keys_and_the_very_row_cannot_tell_that_it_was_screened",
        PROVED + "test_neither_key_nor_row_is_in_any_byte_that_a_run_leaves",
        PROVED + "test_a_run_without_a_receipt_still_puts_its_root_on_record",
        PROVED + "test_a_night_leaves_a_receipt_for_every_file",
        RECEIPTS + "test_a_run_that_was_stopped_gives_the_receipt_of_an_undisturbed_one",
        RECEIPTS + "test_the_root_is_put_on_record_in_the_transaction_that_ends_the_run",
        RECEIPTS + "test_the_key_of_a_run_is_in_no_byte_of_workspace_or_keys",
        "tests/faults/test_receipt_killed.py::test_a_killed_run_gives_the_whole_receipt_when_it_ends",
        "tests/audit/test_receipts.py::test_a_leaf_is_made_as_documented",
    ),
}


@cache
def functions_of(path: str) -> dict[str, ast.FunctionDef]:
    file = ROOT / path
    if not file.is_file():
        return {}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


NAMED = sorted({(promise, node) for promise, nodes in PROMISES.items() for node in nodes})


@pytest.mark.parametrize(("promise", "node"), NAMED, ids=[f"{promise}-{node}" for promise, node in NAMED])
def test_the_test_of_a_promise_exists_and_is_not_left_out(promise: str, node: str) -> None:
    path, _, name = node.partition("::")
    found = functions_of(path).get(name)
    assert found is not None, f"{promise} has lost its test {node}"
    marks = [ast.unparse(mark) for mark in found.decorator_list]
    assert not [mark for mark in marks if "xfail" in mark or re.search(r"mark\.skip\b", mark)], f"{node} is left out"
    checks = [item for item in ast.walk(found) if isinstance(item, ast.Assert)]
    raised = "pytest.raises" in ast.unparse(found)
    called = any(isinstance(item, ast.Expr) and isinstance(item.value, ast.Call) for item in found.body)
    assert checks or raised or called, f"{node} asserts nothing"


def stated() -> dict[str, tuple[str, str]]:
    """Promise -> (standing, the rest of its row) of the page for people."""
    text = (ROOT / "docs" / "accountability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (A\d+) \| (kept|partly|not yet) \| (.+) \|$", text, re.MULTILINE)
    assert len({promise for promise, *_ in rows}) == len(rows), "a promise stands on the page twice"
    return {promise: (standing, rest) for promise, standing, rest in rows}


def test_the_page_states_every_promise_once_and_calls_none_kept_without_a_test() -> None:
    page = stated()
    assert list(page) == [f"A{number}" for number in range(1, 19)]
    for promise, (standing, _) in page.items():
        assert standing != "kept" or promise in PROMISES, f"{promise} is called kept and has no test"
        assert standing != "not yet" or promise not in PROMISES, f"{promise} has tests and is called not yet"


def test_the_page_names_only_places_that_exist() -> None:
    for promise, (_, rest) in stated().items():
        for place in re.findall(r"`(tests/[^`]+)`", rest):
            assert (ROOT / place).exists(), f"{promise} names {place}"
