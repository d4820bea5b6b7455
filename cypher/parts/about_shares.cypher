// 股数事项 — Whether what does not add up by kind is a number of shares; else it is fen. Needs kind.
kind IN ['SHARES_DO_NOT_SUM', 'PREFERRED_HELD_AFTER_EXIT']
