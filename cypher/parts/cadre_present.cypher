// 在岗的干部 — Whether a cadre is present on a day: the post is not left by then.
// Needs c, $asOf, $seq.
NOT EXISTS { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf }
