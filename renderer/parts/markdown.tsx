import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { createElement, Fragment, useEffect, useMemo, useState, type ReactNode } from 'react';
import { fileUrl } from '../client.ts';
import { useProject } from '../project.tsx';
import classes from './markdown.module.css';

/**
 * Markdown as elements of the page. Nothing in it runs or is loaded from elsewhere: HTML is shown as text, links as text
 * with their address, and images are of the project (`image:<sha256>`) or embedded.
 */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className={classes.text}>{all(tokens)}</div>;
}

const all = (tokens: readonly Token[] | undefined): ReactNode =>
  // Their order is all that tells them apart.
  tokens?.map((token, i) => <Fragment key={i}>{drawn(token as MarkedToken)}</Fragment>);

/** What the reader of Markdown itself makes; extensions, of which there are none, would make others. */
function drawn(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      // Below the heading of the dialog or the panel that it stands in.
      return createElement(`h${Math.min(token.depth + 2, 6)}`, null, all(token.tokens));
    case 'paragraph':
      return <p>{all(token.tokens)}</p>;
    case 'strong':
      return <strong>{all(token.tokens)}</strong>;
    case 'em':
      return <em>{all(token.tokens)}</em>;
    case 'del':
      return <del>{all(token.tokens)}</del>;
    case 'blockquote':
      return <blockquote>{all(token.tokens)}</blockquote>;
    case 'list':
      return createElement(token.ordered ? 'ol' : 'ul', null, all(token.items));
    case 'list_item':
      return <li>{all(token.tokens)}</li>;
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'code':
      return <pre>{token.text}</pre>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'link':
      return (
        <span title={token.href}>
          {all(token.tokens)}
          {token.text !== token.href && ` (${token.href})`}
        </span>
      );
    case 'image':
      return <Picture source={token.href} alt={token.text} />;
    case 'table':
      return <Table table={token} />;
    case 'escape':
      return token.text;
    case 'text':
      return 'tokens' in token && token.tokens ? all(token.tokens) : token.text;
    case 'html':
      return token.raw;
    default:
      return null;
  }
}

function Table({ table: { header, rows } }: { table: Tokens.Table }) {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell, i) => (
            <th key={i} scope="col">
              {all(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j}>{all(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const EMBEDDED = /^data:(image\/(?:png|jpeg|webp|gif));base64,([A-Za-z0-9+/=]+)$/;
const OF_PROJECT = /^image:([0-9a-f]{64})$/;

function Picture({ source, alt }: { source: string; alt: string }) {
  const { key } = useProject();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const [, sha256] = OF_PROJECT.exec(source) ?? [];
    if (sha256 !== undefined) return setUrl(fileUrl(key, 'image', sha256));
    const [, type, data] = EMBEDDED.exec(source) ?? [];
    if (type === undefined || data === undefined) return setUrl(null);
    // The page loads nothing but its own files and what it made itself.
    const made = URL.createObjectURL(new Blob([bytesOf(data)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [source, key]);
  return url === null ? <em>{alt || 'An image that is not shown'}</em> : <img src={url} alt={alt} />;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    // Not base64 after all: an image that cannot be shown.
    return new Uint8Array();
  }
}
