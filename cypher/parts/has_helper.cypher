// 已有帮扶责任人 — Whether the household h has a helper on the day who is in office. Needs h, $asOf, $seq.
EXISTS { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE holds(r) AND part(cadre_in_office) }
