// 在岗的干部 — Whether the cadre c is in office on a day: the post has not been left by then.
// Needs c, $asOf, $seq.
NOT EXISTS { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf }
