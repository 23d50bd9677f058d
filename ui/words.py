"""What every sentence of the page is called, in whichever language."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ar", "en"]


@dataclass(frozen=True, slots=True)
class Strings:
    """The interface in one language. Plain text: the views escape it like any other."""

    language: Language
    direction: Literal["rtl", "ltr"]
    name: str
    title: str
    promise: str
    new_chat: str
    no_script: str
    # First screen
    welcome: str
    welcome_more: str
    documents: str
    passages: str
    try_one: str
    # Asking
    conversation: str
    placeholder: str
    question: str
    send: str
    empty_question: str
    crowded: str
    too_long: str
    shorten: str
    busy: str
    # Answers
    sources: str
    page: str
    show_source: str
    searched_for: str
    edit: str
    confidence_high: str
    confidence_middling: str
    confidence_low: str
    abstained: str
    abstained_more: str
    nearest: str
    no_nearest: str
    withheld: str
    # What a language model makes of an answer
    worded: str
    wording: str
    wording_stop: str
    wording_stopped: str
    wording_failed: str
    removed_one: str
    removed_two: str
    removed_few: str
    removed_many: str
    # The source panel
    source: str
    source_empty: str
    indexed: str
    close: str
    cited_words: str
    nearest_passage: str
    unverified_here: str
    gone: str
    # Errors
    failed: str
    fault: str
    # The frame
    chat_view: str
    library_view: str
    other_language: str
    theme: str
    menu: str
    collection: str
    bundled_texts: str
    own_texts: str
    server_gone: str
    goes_in_later: str
    loading: str
    empty_collection: str
    empty_collection_more: str
    add_texts: str
    # Earlier conversations
    conversations: str
    close_menu: str
    find: str
    none_yet: str
    none_found: str
    rename: str
    delete: str
    delete_sure: str
    delete_yes: str
    save: str
    new_name: str
    as_markdown: str
    as_word: str
    more_acts: str
    lost_conversation: str
    # What a reader thinks of an answer
    judge: str
    judge_right: str
    judge_wrong: str
    judge_source: str
    comment: str
    comment_send: str
    thanks: str
    # More of the source panel
    copy: str
    copied: str
    not_copied: str
    whole: str
    back: str
    cut_short: str
    page_picture: str
    # The library
    library_intro: str
    drop: str
    choose_files: str
    new_collection: str
    collection_name: str
    create: str
    delete_collection: str
    delete_collection_sure: str
    refresh: str
    rebuild: str
    check: str
    sound: str
    remove: str
    remove_sure: str
    remove_yes: str
    fixed_collection: str
    part_of_folder: str
    no_texts_here: str
    pages_many: str
    warnings: str
    asks_here: str
    uploading: str
    too_many: str
    too_large: str
    unknown_kind: str
    state_waiting: str
    state_reading: str
    state_read: str
    state_refused: str
    state_indexed: str
    stage_reading: str
    stage_embedding: str
    stage_writing: str
    done: str
    work_failed: str
    upload_failed: str
    read_only: str
    # Who comes in
    user: str
    password: str
    enter: str
    leave: str
    wrong_password: str
    too_many_tries: str
    # The window that Dalil runs in
    ready: str
    stop_how: str
    stopped: str
