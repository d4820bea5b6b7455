// 处理状态 — Status of a finding on a day, from its state s.
// Needs s, waiver (in force on the day; null if none), is_recurrence (whether it was gone before).
CASE WHEN s.state <> 'OPEN' THEN s.state WHEN waiver IS NOT NULL THEN 'WAIVED' WHEN is_recurrence THEN 'BACK'
  ELSE 'OPEN' END
