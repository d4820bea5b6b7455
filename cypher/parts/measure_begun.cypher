// 措施已开始 — Whether the measure m had begun by the day; one without a first day always had. Needs m, $asOf, $seq.
EXISTS { MATCH (m)<-[:OF]-(begun:MeasureState) WHERE known(begun) AND coalesce(begun.starts_on, $asOf) <= $asOf }
