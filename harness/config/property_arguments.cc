// SPDX-License-Identifier: Apache-2.0
#include "harness/config/property_arguments.h"

#include <boost/program_options.hpp>

namespace mbench {
namespace {

namespace po = boost::program_options;

// Boost asks this of every word; all of them are options of ours.
std::pair<std::string, std::string> SplitProperty(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    throw po::invalid_command_line_syntax(po::invalid_command_line_syntax::missing_parameter, word);
  return {word.substr(0, equals), word.substr(equals + 1)};
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> ParsePropertyArguments(
    const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> properties;
  for (const std::string& word : words) {
    try {
      const po::parsed_options parsed = po::command_line_parser(std::vector<std::string>{word})
                                            .extra_parser(SplitProperty)
                                            .options(po::options_description())
                                            .allow_unregistered()
                                            .run();
      const po::option& option = parsed.options.at(0);
      properties.emplace_back(option.string_key, option.value.empty() ? "" : option.value[0]);
    } catch (const po::error&) {
      return BadConfig("-p {}: expected NAME=VALUE, such as recordcount=1000", word);
    }
  }
  return properties;
}

}  // namespace mbench
