/** @type {[page: string, owner: string, [kind: string, anchor: string, summary: string][]][]} */
const searchIndex = [
["interface.constructor.html","constructor",[
["interface","","</div></main><script>alert(1)</script> <img src=x onerror=alert(1)> --> ]]> ${x} {{x}}"],
["method","main","`Cart` and `cart` and `<b>` and `` and ` alone"],
["method","empty",""],
["method","impossible",""],
]],
["interface.Constructor-2.html","Constructor",[
["interface","","Differs only in case."],
]],
["interface.__proto__.html","__proto__",[
["interface","",""],
["method","toString",""],
]],
["interface.inc.Far.html","inc.Far",[
["interface","","`Base.id` is of its own namespace."],
["method","get",""],
]],
["types.html","",[
["struct","Cart","سلة التسوق `id` שלום"],
["field","Cart.id","Redefined: \"</dd>\" <!-- & -->"],
["field","Cart.size",""],
["struct","cart",""],
["field","cart._",""],
["struct","Node","A tree."],
["field","Node.next",""],
["field","Node.children",""],
["field","Node.kind",""],
["field","Node.never",""],
["struct","Nothing",""],
["enum","Kind",""],
["value","Kind.constructor","<i>"],
["value","Kind.b",""],
["enum","Never","Nothing is of this type."],
]],
["types.inc.html","inc",[
["struct","Base",""],
["field","Base.id","As the parent has it."],
["field","Base.weight","Inherited."],
]],
["errors.html","",[
["error","Broken","-1 </script><script>alert(1)</script> & \\u{202e}\\u{1} \\"],
["error","inc.Gone","2147483647"],
]],
];
