namespace Outdial.Platform.Tests.Hosting;

/// <summary>What a program says on its error output, of which the test process has one.</summary>
internal static class ErrorOutput
{
    private static readonly SemaphoreSlim One = new(1, 1);

    public static async Task<(int Exit, string Said)> Of(Func<Task<int>> program)
    {
        await One.WaitAsync();
        var before = Console.Error;
        try
        {
            using var said = new StringWriter();
            Console.SetError(TextWriter.Synchronized(said));
            return (await program(), said.ToString());
        }
        finally
        {
            Console.SetError(before);
            One.Release();
        }
    }
}
