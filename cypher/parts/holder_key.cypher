// 持有人编号 — Key of the holder or recipient h. Needs h.
coalesce(h.card_no, h.person_no, h.code, h.uscc)
