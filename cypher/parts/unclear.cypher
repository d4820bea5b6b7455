// 贫困状态不明 — Whether nobody can tell if the household h is poor on the day: the status of its last card is none that is understood. Needs h, $asOf, $seq.
EXISTS { MATCH (h)-[u:UNCLEAR_IN]->(:Village) WHERE holds(u) }
