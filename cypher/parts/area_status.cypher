// 区划的贫困状态 — Poverty status of a village or county by its latest yearly record.
// POOR; EXITED, from 31 December of the year of exit on; or OTHER, not registered as poor.
// Needs registered (whether it is registered as poor; null if not stated), exit_year, $asOf.
CASE WHEN exit_year * 10000 + 1231 <= $asOf THEN 'EXITED' WHEN registered THEN 'POOR' ELSE 'OTHER' END
