// What a run looks like at one of its steps, from the changes that its steps record.
"use strict";

/**
 * The call stack while step `at` is shown, outermost first: for each frame its function, the line
 * it is at and its variables. Variables are a Map of name to {value, before, isNew}; `isNew` marks
 * what step `at` changed. A generator's resumption is a frame of its own, as in the data.
 */
function stackAt(steps, at) {
  const stack = [];
  for (let index = 0; index <= at; index++) {
    const step = steps[index];
    if (step.event === "call") {
      stack.push({ name: step.function, line: step.line, variables: new Map() });
    }
    const frame = stack[stack.length - 1];
    frame.line = step.line;
    for (const [name, value] of step.changed) {
      const before = frame.variables.get(name);
      if (value === "<deleted>" && index < at) frame.variables.delete(name);
      else frame.variables.set(name, { value, before: before && before.value, isNew: index === at });
    }
    if (index < at && (step.event === "return" || step.event === "exception")) stack.pop();
  }
  return stack;
}

/** What a step is, in words; labels are `offset` more than lines. */
function stepInWords(step, offset) {
  switch (step.event) {
    case "call": return `enters ${step.function}`;
    case "return": return `${step.function} returns ${step.value}`;
    case "exception": return `${step.function} ends with ${step.value}`;
    default: return `L${step.line + offset} of ${step.function}`;
  }
}
