// SPDX-License-Identifier: Apache-2.0
//
// mbench completion bash|zsh|fish: a script that the shell reads once. It is made of the options as
// the parser has them, so that it knows all of them and no others.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/cmd/command_table.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

struct KnownOption {
  std::string name;  // "--set", "-c"
  std::string about;
};
struct KnownCommand {
  std::string name, about;
  std::vector<KnownOption> options;
  std::vector<std::string> words;  // what may stand first behind it, besides files
};

void AddOptions(const CLI::App& app, KnownCommand* command) {
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      command->options.push_back({"--" + name, option->get_description()});
    for (const std::string& name : option->get_snames())
      command->options.push_back({"-" + name, option->get_description()});
  }
}

std::vector<KnownCommand> KnownCommands() {
  std::vector<KnownCommand> commands;
  for (const Command& entry : AllCommands()) {
    CLI::App app;
    entry.add(&app);
    KnownCommand& command = commands.emplace_back();
    command.name = entry.name;
    command.about = entry.about;
    AddOptions(app, &command);
    for (const CLI::App* const nested : app.get_subcommands([](const CLI::App*) { return true; })) {
      command.words.push_back(nested->get_name());
      AddOptions(*nested, &command);
    }
    if (command.name == "drivers" || command.name == "init")
      for (const std::string_view name : DriverNames()) command.words.emplace_back(name);
    if (command.name == "completion") command.words = {"bash", "zsh", "fish"};
  }
  KnownCommand& help = commands.emplace_back();
  help.name = "help";
  help.about = "All about a command";
  for (const std::string_view name : CommandNames()) help.words.emplace_back(name);
  return commands;
}

std::string Names(const KnownCommand& command) {
  std::vector<std::string> names = command.words;
  for (const KnownOption& option : command.options) names.push_back(option.name);
  return Join(names, " ");
}

std::string Bash(const std::vector<KnownCommand>& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const KnownCommand& command : commands) {
    names.push_back(command.name);
    cases += fmt::format("      {}) words='{}' ;;\n", command.name, Names(command));
  }
  return fmt::format(R"sh(# eval "$(mbench completion bash)", or as a file in /etc/bash_completion.d
_mbench() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='{}'
  else
    case ${{COMP_WORDS[1]}} in
{}    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [ "$COMP_CWORD" -gt 1 ] && [[ $word != -* ]]; then
    mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -o filenames -F _mbench mbench
)sh",
                     Join(names, " "), cases);
}

// In single quotes of any of the three shells; zsh and fish show it beside the word.
std::string QuotedAbout(const std::string& about) {
  std::string text;
  for (const char c : about) text += c == '\'' ? std::string("\"") : std::string(1, c);
  return text;
}

// A colon ends the word that is described.
std::string ZshPair(const std::string& name, const std::string& about) {
  std::string escaped;
  for (const char c : name) escaped += c == ':' ? std::string("\\:") : std::string(1, c);
  return fmt::format("'{}:{}'", escaped, QuotedAbout(about));
}

std::string Zsh(const std::vector<KnownCommand>& commands) {
  std::string names, cases;
  for (const KnownCommand& command : commands) {
    names += fmt::format("    {}\n", ZshPair(command.name, command.about));
    std::string known;
    for (const std::string& word : command.words)
      known += fmt::format("        {}\n", ZshPair(word, ""));
    for (const KnownOption& option : command.options)
      known += fmt::format("        {}\n", ZshPair(option.name, option.about));
    cases += fmt::format("      {}) known=(\n{}      ) ;;\n", command.name, known);
  }
  return fmt::format(R"sh(#compdef mbench
# eval "$(mbench completion zsh)", or as a file _mbench in a folder of $fpath
_mbench() {{
  local -a commands known
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
  else
    case ${{words[2]}} in
{}    esac
    _describe -o option known
    [[ ${{words[CURRENT]}} == -* ]] || _files
  fi
}}
if [ "$funcstack[1]" = _mbench ]; then _mbench "$@"; else compdef _mbench mbench; fi
)sh",
                     names, cases);
}

std::string Fish(const std::vector<KnownCommand>& commands) {
  std::string text =
      "# mbench completion fish | source, or as a file in ~/.config/fish/completions\n";
  for (const KnownCommand& command : commands) {
    text += fmt::format("complete -c mbench -n __fish_use_subcommand -f -a {} -d '{}'\n",
                        command.name, QuotedAbout(command.about));
    const std::string seen =
        fmt::format("complete -c mbench -n '__fish_seen_subcommand_from {}'", command.name);
    if (!command.words.empty()) text += fmt::format("{} -a '{}'\n", seen, Join(command.words, " "));
    for (const KnownOption& option : command.options) {
      const bool is_long = option.name.starts_with("--");
      text += fmt::format("{} {} {} -d '{}'\n", seen, is_long ? "-l" : "-s",
                          option.name.substr(is_long ? 2 : 1), QuotedAbout(option.about));
    }
  }
  return text;
}

}  // namespace

Action AddCompletion(CLI::App* app) {
  const auto shell = std::make_shared<std::string>();
  app->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell] {
    const std::vector<KnownCommand> commands = KnownCommands();
    PrintResult(*shell == "bash"  ? Bash(commands)
                : *shell == "zsh" ? Zsh(commands)
                                  : Fish(commands));
    return ExitCode::kPass;
  };
}

}  // namespace mbench
