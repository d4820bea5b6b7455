// 已有疑点 — The findings about villages in a range, the households that live there and their members, wherever these stand now.
// A person or a household that has left the register is still where it was last.
// low, high: the range of village codes.
// @params low, high, seq
// @returns finding_no, check, state, value, note, by, day
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high
part(findings_there)
WITH f
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s)
RETURN f.finding_no AS finding_no, s.check AS check, s.state AS state, s.value AS value, s.note AS note, s.by AS by, s.day AS day
ORDER BY finding_no
