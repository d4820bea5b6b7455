// 区划的贫困状态 — Of a village or county by its latest book or report: POOR, EXITED (from 31 December of its year on), or OTHER, not registered as poor.
// Needs registered (whether it is said to be poor; null: not said), exit_year, $asOf.
CASE WHEN exit_year * 10000 + 1231 <= $asOf THEN 'EXITED' WHEN registered THEN 'POOR' ELSE 'OTHER' END
