using Microsoft.AspNetCore.Builder;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Csv;

/// <summary>Files that are sent while they are made.</summary>
public sealed class CsvAnswerTests
{
    [Fact]
    public async Task What_there_is_is_sent_while_the_next_rows_are_looked_for()
    {
        var found = new TaskCompletionSource();
        await using var service = await ServiceUnderTest.Start(
            map: app => app.MapGet("/slow.csv", () => CsvAnswer.Of("slow.csv", Lines(found.Task))).AllowAnonymous());
        using var answer = await service.Client.GetAsync("/slow.csv", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal("name", await reader.ReadLineAsync());
        Assert.Equal("Asha", await reader.ReadLineAsync());   // else this never ends
        found.SetResult();

        Assert.Equal("Ravi\n", (await reader.ReadToEndAsync()).ReplaceLineEndings("\n"));
    }

    private static async IAsyncEnumerable<CsvLine> Lines(Task found)
    {
        yield return CsvLine.Of("name");
        yield return CsvLine.Of("Asha");
        await found;
        yield return CsvLine.Of("Ravi");
    }
}
