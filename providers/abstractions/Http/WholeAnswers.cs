using System.Net;

namespace Outdial.Providers;

/// <summary>The innermost handler: what makes a phone ring goes out once, and what comes back is here as a whole.</summary>
/// <remarks>
/// Below it, .NET asks again by itself, up to three times, when a connection ends before the first byte of an answer and the request has no body,
/// or one that waits for "100 Continue". A body that is written at once forbids that. So every request has one: a read without any gets an empty
/// one, or one look-up could be four at the provider, and one slot of a budget likewise.
/// </remarks>
internal sealed class WholeAnswers(long largest) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (ProviderHttp.IsRead(request))
            request.Content ??= new ByteArrayContent([]);
        else if (request.Content is OnceContent || request.Headers.ExpectContinue is true)
            throw new InvalidOperationException("A request that makes a phone ring goes out once, with its body.");
        else
            request.Content = new OnceContent(request.Content ?? new ByteArrayContent([]));

        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(largest, cancellationToken);
            return response;
        }
        catch (Exception e)
        {
            response.Dispose();
            if (e is InvalidDataException)   // compressed, and cut or broken
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer cannot be unpacked.", e);
            throw;
        }
    }

    /// <summary>A body that is written once: whoever would send the request again, whatever handler or framework, has nothing to send.</summary>
    private sealed class OnceContent : HttpContent
    {
        private readonly HttpContent _body;
        private int _written;

        public OnceContent(HttpContent body)
        {
            _body = body;
            foreach (var header in body.Headers)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref _written, 1) == 0
                ? _body.CopyToAsync(stream, context, cancellationToken)
                : throw new InvalidOperationException("A request that makes a phone ring goes out once.");

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Headers.ContentLength ?? 0;
            return _body.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _body.Dispose();
            base.Dispose(disposing);
        }
    }
}
