using Spectre.Console;

namespace Outdial.Cli.Views;

/// <summary>The console of all commands.</summary>
public static class Terminal
{
    /// <summary>A terminal with colours and redrawing, or, when the output goes to a file or a pipe, plain lines.</summary>
    public static IAnsiConsole Console { get; } = System.Console.IsOutputRedirected ? Plain() : AnsiConsole.Console;

    private static IAnsiConsole Plain()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = 120;
        return console;
    }
}
