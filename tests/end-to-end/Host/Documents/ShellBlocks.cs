using System.Text;
using System.Text.RegularExpressions;

namespace Outdial.EndToEnd.Tests.Host.Documents;

/// <summary>A command that a document shows, over several lines where a quote stays open.</summary>
/// <param name="Document">Its path in the checkout.</param>
internal sealed record ShownCommand(string Document, int Line, string Text)
{
    /// <summary>The program, or the setting of a variable.</summary>
    public string Program => Text.Split(' ', 2)[0];

    public override string ToString() => $"{Document}:{Line}: {Text}";
}

/// <summary>The commands in the fenced blocks of a document. Pure.</summary>
internal static partial class ShellBlocks
{
    public static IEnumerable<ShownCommand> Read(string document, string text)
    {
        foreach (Match block in Block().Matches(text))
        {
            var language = block.Groups["language"].Value;
            if (language is not ("" or "sh" or "bash"))
                continue;
            var first = text[..block.Groups["body"].Index].Count(sign => sign == '\n') + 1;
            foreach (var (line, command) in Commands(block.Groups["body"].Value))
                yield return new(document, first + line, command);
        }
    }

    /// <summary>By the shell's rules for quotes and comments.</summary>
    private static IEnumerable<(int Line, string Text)> Commands(string block)
    {
        var command = new StringBuilder();
        var quote = '\0';
        var (line, first) = (0, 0);
        for (var i = 0; i < block.Length; i++)
        {
            var sign = block[i];
            if (quote == '\0' && sign == '#' && (i == 0 || char.IsWhiteSpace(block[i - 1])))
            {
                while (i + 1 < block.Length && block[i + 1] != '\n')
                    i++;
                continue;
            }
            if (sign == '\n')
                line++;
            if (quote == '\0' && sign == '\n')
            {
                if (command.ToString().Trim() is { Length: > 0 } whole)
                    yield return (first, whole);
                command.Clear();
                first = line;
                continue;
            }
            if (sign is '\'' or '"')
                quote = quote == '\0' ? sign : quote == sign ? '\0' : quote;
            command.Append(sign);
        }
        if (command.ToString().Trim() is { Length: > 0 } last)
            yield return (first, last);
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
