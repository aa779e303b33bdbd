// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http1_session.h"

namespace mbench {

HttpExpected Http1Protocol::Expect(const Call& call) {
  const HttpStatement& statement = programs_[call.op.statement].statement;
  return {.headers = statement.wanted_headers, .bodyless = statement.is_head};
}

bool Http1Protocol::WantsBody(const Call& call, int) {
  return wants_bodies_ || programs_[call.op.statement].statement.wants_body;
}

Answer Http1Protocol::Judge(Call* call, const HttpReply& reply) {
  const HttpStatement& statement = programs_[call->op.statement].statement;
  return judge_.Judge(statement, call->op, reply.status, reply.headers, reply.body);
}

}  // namespace mbench
