// 对照结果 — MET where all predicates are, UNMET where one is known not to be, else UNKNOWN. Needs judged.
CASE WHEN any(j IN judged WHERE j[1] = false) THEN 'UNMET' WHEN any(j IN judged WHERE j[1] IS NULL) THEN 'UNKNOWN' ELSE 'MET' END
