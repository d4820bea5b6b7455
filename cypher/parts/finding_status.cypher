// 处理状态 — Where a finding stands on a day, by its state s, whether a waiver excepts it then (waiver) and whether it was gone before (again).
CASE WHEN s.state <> 'OPEN' THEN s.state WHEN waiver IS NOT NULL THEN 'WAIVED' WHEN again THEN 'BACK' ELSE 'OPEN' END
