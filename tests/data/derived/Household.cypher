// Household · lookup
UNWIND $keys AS key MATCH (n:Household {card_no: key}) RETURN collect([key, n.recorded, []]);

// Household · create
UNWIND $rows AS row MERGE (n:Household {card_no: row[0]}) ON CREATE SET n.recorded = $seq;
