// 持有人类型 — The label of h, who holds or receives something; a village is an area too.
head([l IN labels(h) WHERE l <> 'Area'])
