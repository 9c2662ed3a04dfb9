using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Outdial.Platform;

/// <summary>A CSV file as an answer. No endpoint writes one in another way.</summary>
public static class CsvAnswer
{
    private const string Type = "text/csv";
    private const string TypeWithCharacters = Type + "; charset=utf-8";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A small file.</summary>
    /// <param name="name">What browsers save it as.</param>
    /// <param name="lines">All of it, the header first.</param>
    public static FileContentHttpResult Of(string name, IEnumerable<CsvLine> lines) =>
        TypedResults.File(s_utf8.GetBytes(string.Concat(lines)), TypeWithCharacters, name);

    /// <summary>A file that is sent while it is made: memory does not grow with it.</summary>
    /// <param name="name">What browsers save it as.</param>
    /// <param name="lines">All of it, the header first.</param>
    public static PushStreamHttpResult Of(string name, IAsyncEnumerable<CsvLine> lines) => TypedResults.Stream(async body =>
    {
        await using var writer = new StreamWriter(body, s_utf8, bufferSize: 16 * 1024, leaveOpen: true);
        await using var rows = lines.GetAsyncEnumerator();
        while (true)
        {
            var next = rows.MoveNextAsync();
            if (!next.IsCompleted)
            {
                var more = next.AsTask();
                await Task.WhenAll(writer.FlushAsync(), more);   // what there is is sent, however long the next rows take
                next = new(more);
            }
            if (!await next)
                break;
            await writer.WriteAsync(rows.Current.ToString());
        }
    }, TypeWithCharacters, name);

    /// <summary>Says in the API's description that an endpoint answers so.</summary>
    public static RouteHandlerBuilder ProducesCsv(this RouteHandlerBuilder endpoint) => endpoint.Produces<string>(StatusCodes.Status200OK, Type);
}
