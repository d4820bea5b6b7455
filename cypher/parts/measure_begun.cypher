// 措施已开始 — Whether the measure m had begun by the day. A measure without a start date has always begun.
// Needs m, $asOf, $seq.
EXISTS { MATCH (m)<-[:OF]-(begun:MeasureState) WHERE known(begun) AND coalesce(begun.starts_on, $asOf) <= $asOf }
