import type { ReactNode } from 'react';

/** Drawn on 16 × 16 with one stroke width; they say nothing on their own and are hidden from screen readers. */
function Icon({ children, size = 18 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

interface IconProps {
  size?: number;
}

/** An icon of one path. */
export function PathIcon({ path, size }: IconProps & { path: string }) {
  return (
    <Icon size={size}>
      <path d={path} />
    </Icon>
  );
}

const icon = (path: string) => (props: IconProps) => <PathIcon path={path} {...props} />;

export const FolderIcon = icon('M1.8 12.8V3.4h4.4l1.6 1.9h6.4v7.5z');
export const ProjectIcon = icon('M1.8 12.8V3.4h4.4l1.6 1.9h6.4v7.5zM5.3 9.3l1.8 1.7 3.4-3.4');
export const FileIcon = icon('M3.8 1.8h5.4l3 3v9.4H3.8zM9 1.8v3.2h3.2');
export const UpIcon = icon('M8 13V3M4 7l4-4 4 4');
export const SunIcon = icon(
  'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1',
);
export const MoonIcon = icon('M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z');
export const AutoIcon = icon(
  'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM8 2.2v11.6M8 5l3-1.5M8 8.2l5.4-1.6M8 11.4l4.8-1.6',
);
export const KeyboardIcon = icon('M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6');
export const SearchIcon = icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4l3.4 3.4');
export const CheckIcon = icon('M3 8.5 6.5 12 13 4.5');
export const PersonIcon = icon(
  'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM2.8 13.8c.4-2.6 2.4-4 5.2-4s4.8 1.4 5.2 4',
);
