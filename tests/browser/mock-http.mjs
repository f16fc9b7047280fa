// Answers as the gateway gives them.

export function json(response, status, value) {
  response.statusCode = status;
  if (value === undefined) return response.end();
  response.setHeader('content-type', 'application/json');
  return response.end(JSON.stringify(value));
}

export function problem(response, status, code, detail, field = null) {
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json');
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: code,
      status,
      code,
      detail,
      field,
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    }),
  );
}

/** Thrown by an answer to refuse. */
export class Refused extends Error {
  constructor(status, code, detail, field = null) {
    super(detail);
    Object.assign(this, { status, code, field });
  }
}
