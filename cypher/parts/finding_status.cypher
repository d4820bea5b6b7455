// 处理状态 — Status of a finding on a day, from its state s, whether it is waived then (waiver) and whether it was gone
// before (is_recurrence).
CASE WHEN s.state <> 'OPEN' THEN s.state WHEN waiver IS NOT NULL THEN 'WAIVED' WHEN is_recurrence THEN 'BACK'
  ELSE 'OPEN' END
