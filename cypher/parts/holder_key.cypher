// 持有人编号 — The key of h, who holds or receives something.
coalesce(h.card_no, h.person_no, h.code, h.uscc)
