// 股数事项 — Whether a comparison of this kind is about a number of shares; otherwise it is about fen. Needs kind.
kind IN ['SHARES_DO_NOT_SUM', 'PREFERRED_HELD_AFTER_EXIT']
