// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/commands.h"

int main(int argc, char** argv) { return mbench::RunCommandLine(argc, argv); }
