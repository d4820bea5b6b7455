// 帮扶对象状态 — Reason for which the household h is supported on the day.
// POOR; or EXITED, in the stated years of support after its exit. Needs h, $asOf, $seq.
CASE WHEN EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } THEN 'POOR' ELSE 'EXITED' END
