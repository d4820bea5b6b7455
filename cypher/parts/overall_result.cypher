// 对照结果 — MET if all conditions are met, UNMET if one is known not to be met, otherwise UNKNOWN. Needs judged.
CASE WHEN any(j IN judged WHERE j.met = false) THEN 'UNMET' WHEN any(j IN judged WHERE j.met IS NULL) THEN 'UNKNOWN'
  ELSE 'MET' END
