// 所问区划之内 — Whether the village v lies in the areas asked for. Needs v, $low, $high (what the ranges span, for the index), $areas.
v.code >= $low AND v.code < $high AND size([area IN $areas WHERE v.code >= area[0] AND v.code < area[1]]) > 0
